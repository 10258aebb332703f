"""Pure engines over well-kept solvers: numpy and scipy in, plain dataclasses out, no Django."""
