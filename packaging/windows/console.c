/* veratill.com: veratill.exe for a command line. A program with windows has no console on Windows,
 * and no shell waits for it; this one, which shells find first, starts veratill.exe beside it with
 * the same words, waits, and ends with its exit code. What is redirected it hands on; the console
 * itself veratill.exe attaches to (app/console_windows.go). A second whole program that differs
 * in one bit of its header would be 40 MB more. */
#include <windows.h>
#include <stdio.h>
#include <wchar.h>

enum { FAULT = 1, PATH_CHARS = 32768 };

static wchar_t program[PATH_CHARS], line[PATH_CHARS];

/* after_name is the command line without its first word, as CommandLineToArgvW divides it. */
static const wchar_t *after_name(const wchar_t *all)
{
	int quoted = 0;
	for (; *all && (quoted || (*all != L' ' && *all != L'\t')); all++)
		if (*all == L'"')
			quoted = !quoted;
	return all;
}

/* beside makes the path of veratill.exe from that of this program. */
static int beside(void)
{
	DWORD n = GetModuleFileNameW(NULL, program, PATH_CHARS);
	wchar_t *name;
	if (n == 0 || n >= PATH_CHARS || !(name = wcsrchr(program, L'\\')) || name + 14 > program + PATH_CHARS)
		return 0;
	wcscpy(name + 1, L"veratill.exe");
	return 1;
}

/* redirected is a standard handle that veratill.exe is to inherit: none where it is the console. */
static HANDLE redirected(DWORD which)
{
	DWORD mode;
	HANDLE h = GetStdHandle(which);
	if (h == NULL || h == INVALID_HANDLE_VALUE || GetConsoleMode(h, &mode))
		return NULL;
	SetHandleInformation(h, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
	return h;
}

/* on_key leaves Ctrl+C to veratill.exe, which gets it too and ends in its own time. */
static BOOL WINAPI on_key(DWORD event)
{
	return event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
}

int wmain(void)
{
	STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
	PROCESS_INFORMATION child;
	DWORD code = FAULT;
	if (!beside() || _snwprintf(line, PATH_CHARS - 1, L"\"%ls\"%ls", program, after_name(GetCommandLineW())) < 0) {
		fputs("veratill: the path or the command line is too long. Nothing was done\n", stderr);
		return FAULT;
	}
	start.hStdInput = redirected(STD_INPUT_HANDLE);
	start.hStdOutput = redirected(STD_OUTPUT_HANDLE);
	start.hStdError = redirected(STD_ERROR_HANDLE);
	SetConsoleCtrlHandler(on_key, TRUE);
	if (!CreateProcessW(program, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &child)) {
		fprintf(stderr, "veratill: veratill.exe beside this program can't be started (Windows says %lu). Nothing was done\n", GetLastError());
		return FAULT;
	}
	WaitForSingleObject(child.hProcess, INFINITE);
	GetExitCodeProcess(child.hProcess, &code);
	return (int)code;
}
