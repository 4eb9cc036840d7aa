package main

// signed are the rules of signed receipts: what is signed, by which key, and what is believed.
var signed = []mutant{
	{"papers stay out of the books' folder", tests, []edit{at("papers-stay-out-of-the-books", never())}},
	{"a file that is there stays", tests, []edit{at("a-file-that-is-there-stays", replace("files.WriteNew", "files.Write"))}},
	{"a group of a code holds what its bytes hold", tests, []edit{at("a-group-holds-what-its-bytes-hold", never())}},
	{"a statement of an unknown version is refused as one", tests, []edit{at("an-unknown-version-is-refused", never())}},
	{"a statement has one form", tests, []edit{at("a-statement-has-one-form", never())}},
	{"only what is proven is signed", tests, []edit{at("only-what-is-proven-is-signed", never())}},
	{"a void is signed as a void", tests | simulator, []edit{at("a-void-is-signed-as-a-void", replace("payment.VoidedBy == 0", "true"))}},
	{"nothing is signed of what is not known", tests, []edit{at("nothing-is-signed-of-what-is-not-known", never())}},
	{"nothing is signed before it is durable", tests, []edit{at("nothing-is-signed-before-it-is-durable", always())}},
	{"a weak key is none", tests, []edit{at("a-weak-key-is-none", never())}},
	{"a key is of its own books", tests, []edit{at("a-key-is-of-its-own-books", never())}},
	{"a retired key signs nothing new", tests, []edit{at("a-retired-key-signs-nothing-new", never())}},
	{"a statement is signed", tests, []edit{at("a-statement-is-signed", never())}},
	{"the latest statement wins", tests, []edit{at("the-latest-statement-wins", never())}},
	{"statements of one payment agree about its amount", tests, []edit{at("statements-of-one-payment-agree", replace("a.Amount != b.Amount", "false"))}},
	{"what went back does not come back", tests, []edit{at("statements-of-one-payment-agree", replace("a.BackMinor < b.BackMinor", "false"))}},
	{"receipts that are not signed are told", tests, []edit{at("unsigned-receipts-are-told", never())}},
	{"a copied folder signs with a key of its own", tests, []edit{at("a-copied-folder-signs-with-its-own-key", never())}},
	{"a rotated key has its last number", tests, []edit{at("a-rotated-key-has-its-last-number", replace("last", "0"))}},
}
