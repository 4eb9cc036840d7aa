package disk

// NTFS journals its names, and Windows syncs no folders.
const namesNeedSync = false
