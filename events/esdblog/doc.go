// Package esdblog is an events.Log in EventStoreDB 23 or later, or KurrentDB 25 or later.
package esdblog
