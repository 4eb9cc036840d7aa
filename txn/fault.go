package txn

import (
	"errors"
	"fmt"
)

// Fault is what an error about money says: whether the customer is charged, in which words a person is
// told, and what happened. Whoever gets one never has to know where in a payment it came from.
type Fault struct {
	Charged Charged // of the payment that was asked for
	Code    string  // a closed word, such as "bank offline": the key of its words in each language
	Err     error   // what happened, for small print and logs; never card data
}

// Error implements error.
func (f *Fault) Error() string { return fmt.Sprintf("%s (charged: %s): %v", f.Code, f.Charged, f.Err) }

// Unwrap gives errors.Is what happened.
func (f *Fault) Unwrap() error { return f.Err }

// FaultOf is the fault of an error. One that says nothing about money is of a payment that is not known.
func FaultOf(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Charged: ChargedUnknown, Code: "fault", Err: err}
}
