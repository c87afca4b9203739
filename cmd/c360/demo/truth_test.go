package demo_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"

	"github.com/c360hq/c360/cmd/c360/demo"
	"github.com/c360hq/c360/events"
)

func TestTruthAddsUp(t *testing.T) {
	t.Parallel()
	truth := company(t, small()).Truth()
	for name, parts := range map[string]map[string]int{"type": truth.ByType, "source": truth.BySource, "channel": truth.ByChannel} {
		sum := 0
		for _, n := range parts {
			sum += n
		}
		if sum != truth.Events {
			t.Errorf("by %s: %d of %d", name, sum, truth.Events)
		}
	}
	var out bytes.Buffer
	if err := truth.Write(&out); err != nil {
		t.Fatal(err)
	}
	var back demo.Truth
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.Events != truth.Events || len(back.People) != 300 || !back.Plan.End.Equal(end) {
		t.Errorf("read back: %d events of %d people until %s", back.Events, len(back.People), back.Plan.End)
	}
	for _, s := range truth.Stories {
		if len(s.People) == 0 {
			t.Errorf("story %s has nobody in it", s.Key)
		}
	}
}

// Nothing but the two planted stories may make one customer of two people.
func TestOnlyThePlantedMergesAreWrong(t *testing.T) {
	t.Parallel()
	truth := whole().truth
	if got := fmt.Sprint(truth.Merged); got != "[[3 4] [5 6]]" {
		t.Errorf("merged: %s", got)
	}
	split := 0
	for _, p := range truth.People {
		if p.Customers > 1 {
			split++
		}
	}
	if split == 0 || split > 3*len(truth.People)/5 {
		t.Errorf("%d of %d people are several customers", split, len(truth.People))
	}
	t.Logf("%d touchpoints, %d customers by the rules, %d people seen as several, %d nameless", truth.Events, truth.Customers, split, truth.Nameless)
	seoyeonsYear(t, truth.People[0])
	heavyTail(t, truth)
}

func seoyeonsYear(t *testing.T, p demo.TruePerson) {
	t.Helper()
	if p.Name != "김서연" || p.Phone != "+821008217730" || p.Tier != "gold" || p.Orders != 27 || p.Revenue != 4_812_000 || p.Customers != 1 {
		t.Errorf("%s %s %s: %d orders, %d won, %d customers", p.Name, p.Phone, p.Tier, p.Orders, p.Revenue, p.Customers)
	}
	if p.Events < 1000 || p.Events > 3000 || !p.Last.Equal(end.Add(-3*time.Minute)) {
		t.Errorf("%d events, the last at %s", p.Events, p.Last)
	}
	if !slices.Contains(p.Identifiers, "loyalty_id:LM-2207-41893") || !slices.Contains(p.Identifiers, "email:seoyeon.kim@example.com") {
		t.Errorf("identifiers %v", p.Identifiers)
	}
}

// A few people make much of what happens, and the default company has the size it promises.
func heavyTail(t *testing.T, truth demo.Truth) {
	t.Helper()
	if truth.Events < 270_000 || truth.Events > 345_000 {
		t.Errorf("%d touchpoints, not about 300,000", truth.Events)
	}
	var counts []int
	sum := 0
	for _, p := range truth.People {
		counts = append(counts, p.Events)
		sum += p.Events
	}
	slices.Sort(counts)
	top := 0
	for _, n := range counts[len(counts)*99/100:] {
		top += n
	}
	if top*100/sum < 6 || top*100/sum > 25 || counts[len(counts)/2] < 15 || counts[len(counts)/2] > 80 {
		t.Errorf("the busiest 1 %% make %d %% of the events, the median person has %d", top*100/sum, counts[len(counts)/2])
	}
}

func TestTheHourBeforeTheCall(t *testing.T) {
	t.Parallel()
	var got []string
	for tp := range company(t, small()).History() {
		if tp.Person == 0 && tp.At.After(end.Add(-time.Hour)) {
			if n := len(got); n == 0 || !strings.HasPrefix(got[n-1], tp.Type) {
				got = append(got, tp.Type)
			} else {
				got[n-1] += "+"
			}
		}
	}
	want := []string{"order.status_viewed++++", "inquiry.opened", "product.viewed+++++++++++++", "product.added", "payment.failed+", "call.started"}
	if !slices.Equal(got, want) {
		t.Errorf("the last hour is %v", got)
	}
}

func TestPhonesAreNobodys(t *testing.T) {
	t.Parallel()
	truth := company(t, small()).Truth()
	owners := map[string]int{}
	for _, p := range truth.People {
		if !strings.HasPrefix(p.Phone, "+82100") {
			t.Fatalf("%s may be somebody's", p.Phone)
		}
		number, err := phonenumbers.Parse(p.Phone, "KR")
		if err != nil || !phonenumbers.IsValidNumber(number) || phonenumbers.GetNumberType(number) != phonenumbers.MOBILE {
			t.Fatalf("%s is no mobile number to libphonenumber: %v", p.Phone, err)
		}
		owners[p.Phone]++
		if owners[p.Phone] > 1 && p.Story != demo.StoryFamily {
			t.Errorf("%s twice, at %d", p.Phone, p.Index)
		}
		if p.Email != "" && !strings.Contains(p.Email, "@example.") && !strings.HasSuffix(p.Email, "@mail.example") {
			t.Errorf("%s may be somebody's", p.Email)
		}
	}
}

// Every spelling that a source sends must be the identifier the truth has.
func TestIdentifiersNormaliseToTheTruth(t *testing.T) {
	t.Parallel()
	c := company(t, small())
	truth := c.Truth()
	for tp := range c.History() {
		if tp.Person < 0 {
			continue
		}
		for kind, value := range map[string]string{
			events.KindPhone: tp.Who.Phone, events.KindEmail: tp.Who.Email, events.KindLoyaltyID: tp.Who.Loyalty,
			events.KindUserID: tp.Who.User, events.KindAnonymousID: tp.Who.Anonymous,
		} {
			if value == "" {
				continue
			}
			normal, err := events.Normaliser{}.Identifier(kind, value)
			if err != nil || !slices.Contains(truth.People[tp.Person].Identifiers, kind+":"+normal) {
				t.Fatalf("%s %q becomes %q (%v), which the truth does not have", kind, value, normal, err)
			}
		}
	}
}

// The list of people in doc.go is what people type into the search box.
func TestDocumentedPeople(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	people := whole().truth.People
	for _, p := range people[:11] {
		line := fmt.Sprintf("%2d  %s  0%s-%s-%s", p.Index, p.Name, p.Phone[3:5], p.Phone[5:9], p.Phone[9:])
		if !strings.Contains(string(doc), line) {
			t.Errorf("doc.go does not have %q", line)
		}
	}
	if p := people[27]; p.Name != "김민준" || people[33].Name != "김민준" || people[34].Story != demo.StoryCoating || people[47].Story != demo.StoryCoating {
		t.Errorf("27 is %s, 34 is in %s", p.Name, people[34].Story)
	}
}
