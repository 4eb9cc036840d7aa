package ui

import (
	"strconv"
	"strings"

	"fyne.io/fyne/v2"

	"veratill/app/present"
)

// What a reader of screens says of the widgets of this package, which it can't know of itself: fyne.Accessible, a label and a role.
// Where the toolkit has such a reader behind it is the toolkit's; the labels are what the screen shows.

// spoken puts what a widget shows into one label.
func spoken(shown ...string) string {
	var said []string
	for _, each := range shown {
		if each = strings.TrimSpace(each); each != "" {
			said = append(said, each)
		}
	}
	return strings.Join(said, ", ")
}

// AccessibilityLabel implements fyne.Accessible.
func (b *face) AccessibilityLabel() string { return spoken(b.label, b.hint, b.more, b.badge) }

// AccessibilityRole implements fyne.Accessible.
func (b *face) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// AccessibilityLabel implements fyne.Accessible: the message in the order in which it is read.
func (p *panel) AccessibilityLabel() string {
	m := p.message
	return spoken(m.What, m.Charged, m.Next, m.Small, p.details())
}

// AccessibilityRole implements fyne.Accessible.
func (p *panel) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel implements fyne.Accessible.
func (l *line) AccessibilityLabel() string { return l.text }

// AccessibilityRole implements fyne.Accessible.
func (l *line) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel implements fyne.Accessible.
func (f *rowFace) AccessibilityLabel() string {
	r := f.row
	return spoken(r.title, r.note, r.more, r.beside, r.count, r.right, r.end)
}

// AccessibilityRole implements fyne.Accessible: a row that can be picked is a button.
func (f *rowFace) AccessibilityRole() fyne.AccessibleRole {
	if f.list.picked == nil {
		return fyne.AccessibleRoleText
	}
	return fyne.AccessibleRoleButton
}

// AccessibilityLabel implements fyne.Accessible: the sum of each hour that has one.
func (p *plot) AccessibilityLabel() string {
	var hours []string
	for _, h := range p.hours {
		if h.Sales.AmountMinor > 0 {
			hours = append(hours, strconv.Itoa(h.Hour)+":00 "+present.Figure(h.Sales.AmountMinor, p.currency))
		}
	}
	return spoken(hours...)
}

// AccessibilityRole implements fyne.Accessible.
func (p *plot) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// AccessibilityLabel implements fyne.Accessible: what is to be typed into the field.
func (f *field) AccessibilityLabel() string { return spoken(f.PlaceHolder, f.Text) }

// AccessibilityRole implements fyne.Accessible.
func (f *field) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }
