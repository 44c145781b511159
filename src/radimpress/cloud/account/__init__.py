"""What an account allows and holds, asked without changing anything."""
