package port

// Types of descriptors: USB 2.0, table 9-5.
const (
	interfaceType = 4
	endpointType  = 5
)

// classDescriptors cuts out of a whole configuration descriptor what stands between an
// interface's own descriptor (its first setting) and its first endpoint: the descriptors of
// its class. It accepts any bytes.
func classDescriptors(config []byte, face int) []byte {
	var found []byte
	inside := false
	for len(config) >= 2 {
		n := int(config[0])
		if n < 2 || n > len(config) {
			break
		}
		one := config[:n]
		config = config[n:]
		switch {
		case one[1] == interfaceType && n >= 9:
			if inside {
				return found
			}
			inside = int(one[2]) == face && one[3] == 0
		case inside && one[1] != endpointType:
			found = append(found, one...)
		}
	}
	return found
}
