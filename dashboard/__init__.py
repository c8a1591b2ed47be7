"""The planner's view of Hành Trình in a browser."""
