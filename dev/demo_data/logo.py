"""The logo, drawn in code: a valley under a rising sun, in the company's two colours."""

import base64
import io

from PIL import Image, ImageDraw

GREEN, SAND = (31, 92, 83), (224, 164, 88)
SIZE, SCALE = 240, 4


def png():
    """The logo as base64, as Odoo's image fields take it."""
    side = SIZE * SCALE
    image = Image.new("RGB", (side, side), "white")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, side - 1, side - 1), radius=side // 6, fill=GREEN)
    draw.ellipse(_scaled(side, 0.32, 0.22, 0.68, 0.58), fill=SAND)
    draw.polygon(_scaled(side, 0, 0.52, 0.5, 0.92, 1, 0.52, 1, 0.68, 0.5, 1, 0, 0.68), fill="white")
    draw.polygon(_scaled(side, 0, 0.72, 0.5, 1.02, 0, 1.02), fill=GREEN)
    image = image.resize((SIZE, SIZE), Image.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue())


def _scaled(side, *places):
    return [round(place * side) for place in places]
