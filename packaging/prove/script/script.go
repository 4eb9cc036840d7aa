// Package script is what a history of a simulated world is written in: a first line that says what it runs on, and a step a line.
// The world names its steps; the same text shows a person what happened, shrinks, and runs again.
package script

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Step is one line: what happens, and how long after the step before.
type Step struct {
	After time.Duration
	Words []string
}

// After is a step.
func After(after time.Duration, words ...string) Step { return Step{after, words} }

// String is a step as Parse reads it.
func (s Step) String() string { return "+" + s.After.String() + " " + strings.Join(s.Words, " ") }

// Word is the nth word, the step's own name before all; empty where there is none.
func (s Step) Word(n int) string {
	if n >= len(s.Words) {
		return ""
	}
	return s.Words[n]
}

// Sum is the nth word as a number, such as an amount in minor units; 0 where it is none.
func (s Step) Sum(n int) int64 {
	v, err := strconv.ParseInt(s.Word(n), 10, 64)
	if err != nil {
		return 0
	}
	return v
}

// Number is the nth word as a number, such as the place of an article; 0 where it is none.
func (s Step) Number(n int) int { return int(s.Sum(n)) }

// Duration is the nth word as a duration; 0 where it is none.
func (s Step) Duration(n int) time.Duration {
	d, err := time.ParseDuration(s.Word(n))
	if err != nil {
		return 0
	}
	return d
}

// Text is a history as Parse reads it.
func Text(first string, steps []Step) string {
	var b strings.Builder
	b.WriteString(first + "\n")
	for _, s := range steps {
		b.WriteString(s.String() + "\n")
	}
	return b.String()
}

// Parse reads a history. Lines that begin with # say what it proves. begin takes the first line, known says which words are steps. The
// error names the line.
func Parse(text string, begin func(first string) error, known func(word string) bool) (steps []Step, err error) {
	begun := false
	for n, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
			continue
		case !begun:
			if err := begin(line); err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			begun = true
			continue
		}
		after, err := time.ParseDuration(strings.TrimPrefix(words[0], "+"))
		if err != nil || len(words) < 2 {
			return nil, fmt.Errorf("line %d: a step is +DURATION WORD…", n+1)
		}
		if !known(words[1]) {
			return nil, fmt.Errorf("line %d: %q is no step", n+1, words[1])
		}
		steps = append(steps, Step{after, words[1:]})
	}
	return steps, nil
}
