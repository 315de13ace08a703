"""What follows from the ledger: frames in, frames out, with today as an argument."""
