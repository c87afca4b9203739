package query

import (
	"context"
	"fmt"
	"slices"

	"github.com/c360hq/c360/events"
	"github.com/c360hq/c360/projections/timeline"
)

const (
	// namesFrom is how many of the latest events tell what products are called when the counts are made.
	namesFrom = 200_000
	// ordersRead is how many of the latest orders of several things are read from the log for that: a timeline names the
	// first thing of an order only.
	ordersRead = 5_000
	// ordersAtOnce is how many are read at a time.
	ordersAtOnce = 250
)

// naming gathers what events call products. What was told last counts.
type naming struct {
	s      *Service
	names  map[string]string
	orders []events.Position // of several things
}

// tellNames are the types of events that call products by their names.
var tellNames = []string{
	"order.completed", "product.viewed", "product.clicked", "product.added", "wishlist.product_added", "product.arrived",
}

// see takes in an event of the timeline.
func (n *naming) see(r *timeline.Row) {
	if !slices.Contains(tellNames, r.Type) {
		return
	}
	f := rowFacts(r)
	n.name(f.SKU, f.Item)
	if f.ItemsCount > 1 {
		n.orders = append(n.orders, r.Position)
	}
}

func (n *naming) name(sku, name string) {
	if sku != "" && name != "" && name != sku {
		n.names[sku] = name
	}
}

// readOrders takes in all that the latest orders of several things name.
func (n *naming) readOrders(ctx context.Context) error {
	latest := n.orders[max(0, len(n.orders)-ordersRead):]
	for some := range slices.Chunk(latest, ordersAtOnce) {
		found, err := n.s.log.At(ctx, some...)
		if err != nil {
			return fmt.Errorf("read orders: %w", err)
		}
		for i := range found {
			b := events.DecodeBody(found[i].Data)
			n.name(b.SKU, cut(b.Name))
			for _, item := range b.Items {
				n.name(item.SKU, cut(item.Name))
			}
		}
	}
	return nil
}
