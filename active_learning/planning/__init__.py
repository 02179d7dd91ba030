"""What a campaign would reach and cost, by simulating it before anybody is paid; pure."""
