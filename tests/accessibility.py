"""What axe-core finds on a page of the office, in every view that an officer may have."""

from axe_playwright_python.sync_playwright import Axe

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
# The width in CSS pixels and the scheme of colours. No colour depends on the width, and nothing but colours
# on the scheme, so that is all there is.
VIEWS = [(320, "light"), (1280, "dark")]
# Colours change in a while; in a part that is closed they never end. A function: the policy forbids the page
# to evaluate an expression.
STILL = "() => document.getAnimations().every((animation) => !animation.effect.target.checkVisibility())"


def faults_of(page):
    """What is wrong with the page as it is loaded: view, rule and place; or that it scrolls sideways."""
    found = []
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_function(STILL)
        violations = Axe().run(page, options=OPTIONS).response["violations"]
        nodes = [(fault["id"], node) for fault in violations for node in fault["nodes"]]
        found += [(width, scheme, rule, str(node["target"]), node["html"][:120]) for rule, node in nodes]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((width, scheme, "scrolls sideways"))
    return found
