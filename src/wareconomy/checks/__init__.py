"""Which rows may enter the ledger: pandera schemas built from the catalog, and checks over the finished ledger."""
