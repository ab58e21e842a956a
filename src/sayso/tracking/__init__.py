"""Indicators over time: series, intervals, alarms."""
