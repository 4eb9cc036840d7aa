package find

// Small makes blocks and pieces of work small, so that few payments make many of them.
func (x *Index) Small(blockRows, pieceEntries int) *Index {
	x.blockRows, x.pieceEntries = blockRows, pieceEntries
	return x
}

// Blocks is how many blocks the file has.
func (x *Index) Blocks() int { return len(x.store.heads) }
