package main

import "context"

func window(ctx context.Context, c *call) int { return 1 }
