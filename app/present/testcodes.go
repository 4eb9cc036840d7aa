package present

// TestCodes are what a customer of a demonstration shows, each with the words' key of what comes of it: the last four digits decide.
var TestCodes = []struct{ Code, Key string }{
	{"130000000000000001", "test-code.wechat"}, {"280000000000000001", "test-code.alipay"}, {"130000000000000071", "test-code.types"},
	{"280000000000000072", "test-code.types-on"}, {"130000000000000051", "test-code.declined"}, {"280000000000000091", "test-code.silent"},
}
