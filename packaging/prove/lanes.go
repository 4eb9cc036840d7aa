package main

import (
	"slices"
	"time"
)

// lanes is how many parts run side by side: one a processor.
const lanes = 2

// lanesOf deals the parts out so that the lanes have about as much to do: the largest share goes
// first, each to the lane that has least. Within a lane they keep their order.
func lanesOf(all []part) (dealt [lanes][]part) {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return all[b].share - all[a].share })
	var sums [lanes]int
	var places [lanes][]int
	for _, i := range order {
		least := 0
		for lane := range sums {
			if sums[lane] < sums[least] {
				least = lane
			}
		}
		sums[least] += all[i].share
		places[least] = append(places[least], i)
	}
	for lane := range places {
		slices.Sort(places[lane])
		for _, i := range places[lane] {
			dealt[lane] = append(dealt[lane], all[i])
		}
	}
	return dealt
}

// leastSlot is enough for the setting up that some parts need, such as a file system.
const leastSlot = 8 * time.Second

// slot is the time of the first of the parts that are left in a lane: its share of the time that is left, which
// is more than it seemed where a part before it ended early. It leaves each of the others leastSlot where it can.
func slot(left time.Duration, parts []part) time.Duration {
	total := 0
	for _, p := range parts {
		total += p.share
	}
	share := time.Duration(float64(left) * float64(parts[0].share) / float64(total))
	others := time.Duration(len(parts)-1) * leastSlot
	return max(0, min(max(share, leastSlot), left-others, left))
}

// The last part of a slot, in which a part that ends by itself comes to its end and tells what it found.
const (
	leastEnding = 3 * time.Second
	mostEnding  = 10 * time.Second
)

// told is the time that a part is told to go on for, so that it has ended when its slot does.
func told(slot time.Duration) time.Duration {
	return max(time.Second, slot-min(max(slot/5, leastEnding), mostEnding))
}
