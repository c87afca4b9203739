package ingest

import (
	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/services/auth"
)

// surroundings is what the context of a message says about who sent it and from where.
type surroundings struct {
	page, app, device bool
	ids               span
}

func (d *doc) surroundings(context span) surroundings {
	var s surroundings
	for c := d.members(context); c.next(); {
		switch string(c.name) {
		case "page":
			s.page = true
		case "app":
			s.app = true
		case "device":
			s.device = true
		case "externalIds", "externalId":
			s.ids = c.at
		}
	}
	return s
}

// channel decides where a touchpoint happened: what the type says by itself (a call is a call), else what the
// message says, else what its source is.
func (s *Service) channel(source *auth.Source, typ string, said events.Channel) events.Channel {
	if known, ok := s.catalogue.Lookup(typ); ok && known.Channel != "" {
		return known.Channel
	}
	switch {
	case said != "":
		return said
	case source.Channel != "":
		return source.Channel
	}
	return events.ChannelOther
}

// messageChannel is where the SDK says it runs.
func messageChannel(d *doc, m *message, around surroundings) events.Channel {
	switch said := d.string(m.channel); said {
	case "browser", "web":
		return events.ChannelWeb
	case "mobile":
		return events.ChannelApp
	case "", "server":
	default:
		if channel, ok := events.ParseChannel(said); ok {
			return channel
		}
	}
	return around.channel()
}

// channel knows SDKs by what they put into context: browsers a page, mobile SDKs an app and a device.
func (c surroundings) channel() events.Channel {
	switch {
	case c.page:
		return events.ChannelWeb
	case c.app && c.device:
		return events.ChannelApp
	}
	return ""
}
