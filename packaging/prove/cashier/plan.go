package cashier

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// StepsPerSeed is how much is done in the history of a seed.
const StepsPerSeed = 60

// Plan makes the history of a seed.
func Plan(seed uint64) Script {
	r := rand.New(rand.NewPCG(seed, 0xCA54))
	s := Script{Language: []string{"en", "zh"}[r.IntN(2)], Seed: seed}
	p := &planner{Rand: r, script: &s}
	for len(s.Steps) < StepsPerSeed {
		people[r.IntN(len(people))](p)
	}
	return s
}

// planner draws what people do.
type planner struct {
	*rand.Rand
	script *Script
}

func (p *planner) add(after time.Duration, words ...string) {
	p.script.Steps = append(p.script.Steps, Step{after.Round(time.Millisecond), words})
}

// soon is a pause between two things that somebody does; often so short that answers come into it.
func (p *planner) soon() time.Duration {
	most := []time.Duration{100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second, 20 * time.Second}[p.IntN(4)]
	return time.Duration(p.Int64N(int64(most)))
}

func (p *planner) pick(words ...string) string { return words[p.IntN(len(words))] }

func (p *planner) n(most int) string { return fmt.Sprint(p.IntN(most)) }

// people are those who stand at the counter. Each does a little, and another one goes on.
var people = []func(p *planner){
	(*planner).clerk,
}

// clerk sells as it is meant.
func (p *planner) clerk() {
	for range 1 + p.IntN(3) {
		p.add(p.soon(), "scan", p.n(40))
	}
	switch p.IntN(3) {
	case 0:
		p.add(p.soon(), "exact")
	case 1:
		p.add(p.soon(), "cash", fmt.Sprint(100*(1+p.IntN(100))))
	default:
		p.add(p.soon(), "notes", p.pick("1000", "2000", "5000"), p.pick("500", "1000", "5000"))
	}
	p.add(p.soon(), "leave")
}
