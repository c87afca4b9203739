package auth

import (
	"errors"
	"fmt"
	"strings"

	"github.com/c360hq/c360/events"
)

// ParseSources reads the form of C360_SOURCES: entries parted by commas, each
//
//	name:KEY:grade[:option[;option]...]
//
// where grade is claimed, asserted or verified and an option is kind=grade (user_id=asserted), channel=web,
// origin=https://shop.example (may be given several times) or disabled. Errors name the entry by its
// number and repeat nothing of it, because whoever swaps two parts would find the key in a log.
func ParseSources(text string) (*Sources, error) {
	s := NewSources()
	for i, entry := range strings.Split(text, ",") {
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		key, source, err := parseEntry(entry)
		if err == nil {
			err = s.Add(key, source)
		}
		if err != nil {
			return nil, fmt.Errorf("C360_SOURCES, entry %d: %w", i+1, err)
		}
	}
	return s, nil
}

func parseEntry(entry string) (string, Source, error) {
	parts := strings.SplitN(entry, ":", 4)
	if len(parts) < 3 {
		return "", Source{}, errors.New("it has fewer than three parts; write name:KEY:grade, for example web:0123456789abcdef:claimed")
	}
	grade, err := events.ParseGrade(parts[2])
	if err != nil {
		return "", Source{}, errors.New("its third part is not a grade: use claimed, asserted or verified")
	}
	source := Source{Name: parts[0], Default: grade}
	if len(parts) == 4 {
		err = source.options(parts[3])
	}
	return parts[1], source, err
}

func (s *Source) options(text string) error {
	for option := range strings.SplitSeq(text, ";") {
		if err := s.option(option); err != nil {
			return err
		}
	}
	return nil
}

func (s *Source) option(option string) error {
	name, value, _ := strings.Cut(strings.TrimSpace(option), "=")
	switch name {
	case "disabled":
		s.Disabled = true
	case "origin":
		s.Origins = append(s.Origins, strings.TrimSuffix(value, "/"))
	case "channel":
		channel, ok := events.ParseChannel(value)
		if !ok {
			return errors.New("its channel is none of web app store call inquiry message other")
		}
		s.Channel = channel
	default:
		return s.kindGrade(name, value)
	}
	return nil
}

func (s *Source) kindGrade(kind, value string) error {
	grade, err := events.ParseGrade(value)
	if err != nil || !events.ValidKind(kind) {
		return errors.New("an option is not kind=grade (user_id=asserted), channel=web, origin=https://… or disabled")
	}
	if s.Grades == nil {
		s.Grades = map[string]events.Grade{}
	}
	s.Grades[kind] = grade
	return nil
}
