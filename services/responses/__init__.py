"""What carriers answer: results, decisions, rejections, appeals and accepted cuts."""
