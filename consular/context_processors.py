def consular_box(request):
    """The primary contact for the header of every page."""
    return {}
