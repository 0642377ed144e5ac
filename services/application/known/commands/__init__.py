"""Facts of other services: as their events bring them, and as their snapshots put them right."""
