"""A picture of cost against the size of the archive, as SVG."""

from math import ceil, floor, log10

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 720, 360, 80, 40, 20, 160
COLOURS = ["#1d4f91", "#b3541e", "#2e7d4f", "#7a3e9d", "#8a6d00", "#c2185b", "#00838f", "#555555", "#37474f", "#d84315"]
COLOURS += ["#000000"]


def cost(results):
    """Lines of what the first rendering of each page costs (processor milliseconds), by number of messages.

    Both scales go by powers of ten: what costs little is to be seen beside what costs much.
    """
    sizes = sorted({result["messages"] for result in results})
    names = list(dict.fromkeys(result["page"] for result in results))
    costs = [result["first"] for result in results]
    least, most = floor(log10(min(costs))), ceil(log10(max(costs)))
    span = max(log10(sizes[-1] / sizes[0]), 0.001)

    def place(size, value):
        across = LEFT + (WIDTH - LEFT - RIGHT) * log10(size / sizes[0]) / span
        return f"{across:.1f},{HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (log10(value) - least) / (most - least):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"',
        ' font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for size in sizes:
        x = place(size, costs[0]).split(",")[0]
        parts.append(f'<text x="{x}" y="{HEIGHT - 14}" text-anchor="middle">{size:,}</text>')
    for power in range(least, most + 1):
        y = place(sizes[0], 10**power).split(",")[1]
        parts.append(f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y}" text-anchor="end">{10**power:g} ms</text>')
    for number, name in enumerate(names):
        colour = COLOURS[number % len(COLOURS)]
        points = [place(result["messages"], result["first"]) for result in results if result["page"] == name]
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 14}" y="{TOP + 16 * number + 8}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>\n"])
