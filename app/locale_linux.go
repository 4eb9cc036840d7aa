package main

/*
#include <string.h>

extern char **environ;

// Fyne reads the locale while packages are initialised, before any line of Go here
// can run, and complains about C.UTF-8 in three lines on the error output of every
// command. Cut back to C, which it knows, the complaint is spared.
__attribute__((constructor)) static void plain_locale(void) {
	const char *names[] = {"LC_ALL=C.", "LC_MESSAGES=C.", "LANG=C."};
	for (char **e = environ; e && *e; e++)
		for (int i = 0; i < 3; i++)
			if (strncmp(*e, names[i], strlen(names[i])) == 0)
				(*e)[strlen(names[i]) - 1] = 0;
}
*/
import "C"
