"""The suite judged by seeded defects: what does it notice, by which requirement, and in which layer."""
