"""What theory says about queues, times being in any one unit throughout a question."""
