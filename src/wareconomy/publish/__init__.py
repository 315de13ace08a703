"""What people see: charts, reports, the site, exports and explanations."""
