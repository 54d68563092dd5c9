"""Fourth floor: what partnerships have learned: lessons, learning points, and the reports made from them."""
