"""Who can reach whom over the network, and whether the answer finds its way back."""
