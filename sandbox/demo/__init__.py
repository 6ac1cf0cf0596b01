"""The portal with everything around it on one machine: practice carriers, sign-in and a seeded firm."""
