package session

import "rimbalzo/internal/advice"

// Step is what an item asks of the person, the most urgent first.
type Step int

// The steps. They follow the order of [checklist.Order].
const (
	StepNow Step = iota
	StepAt
	StepWhenBack
	StepCheck
	StepFix
	StepWait
	StepDelivered
	StepResent
	steps
)

// stepIDs complete the keys "board.step.".
var stepIDs = [steps]string{"now", "at", "when-back", "check", "fix", "wait", "delivered", "resent"}

// ID names the step in keys of words.
func (s Step) ID() string { return stepIDs[s] }

// StepOf gives an item's step. A verdict that this version does not know is one to ask about.
func StepOf(it *advice.Item) Step {
	switch it.Verdict {
	case advice.Resend:
		switch it.ResendWhen {
		case advice.At:
			return StepAt
		case advice.WhenBack:
			return StepWhenBack
		}
		return StepNow
	case advice.Fix:
		return StepFix
	case advice.Wait:
		return StepWait
	case advice.Delivered:
		return StepDelivered
	case advice.Resent:
		return StepResent
	}
	return StepCheck
}
