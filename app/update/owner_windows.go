package update

import "os"

// ownFolder: under Windows the folder's rights decide, not who made it.
func ownFolder(dir string) (bool, error) {
	_, err := os.Stat(dir)
	return err == nil, err
}

func runningProgram(program string) string { return program }
