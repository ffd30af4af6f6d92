def fill(env):
    pass
