"""Procedural landscapes: an endless training set without a photograph in it.

`render(seeds)` draws the scenes of these seeds. A scene depends on its seed alone, not on the batch or the device.
"""

import random

import torch
import torch.nn.functional as F

TIMES = ("dawn", "noon", "dusk", "night")
TERRAINS = ("mountains", "hills", "dunes", "sea")
# Colours in 0 … 1: top of the sky, horizon, far ground, near ground.
PALETTES = (
    ((0.38, 0.47, 0.72), (0.98, 0.78, 0.62), (0.62, 0.55, 0.66), (0.20, 0.22, 0.30)),
    ((0.20, 0.48, 0.86), (0.78, 0.90, 0.98), (0.55, 0.68, 0.78), (0.18, 0.36, 0.20)),
    ((0.22, 0.16, 0.42), (0.98, 0.52, 0.28), (0.52, 0.28, 0.40), (0.10, 0.07, 0.14)),
    ((0.02, 0.03, 0.10), (0.12, 0.17, 0.34), (0.09, 0.12, 0.25), (0.02, 0.03, 0.06)),
)
SUN, MOON = (1.0, 0.93, 0.72), (0.93, 0.95, 1.0)
DUNE, SEA = (0.86, 0.66, 0.40), (0.10, 0.32, 0.46)
RIDGE_HEIGHTS = (0.085, 0.05, 0.04, 0.018)
# Per kind of variation, its weight in red, green and blue.
MOTTLE_COLOURS = ((1.0, 1.0, 1.0), (0.7, 0.0, -0.7), (-0.45, 0.55, -0.45))
MOTTLE_PERIODS, SKY_MOTTLE, DARK = 18, 0.4, 0.13
TEXTURE = 0.13  # grove's
LAYERS, PINES, SUPERSAMPLING = 4, 32, 2


def sentence(time_of_day, terrain, pines, clouds, disc, source):
    """The prompt of a scene; what else is in it is named in any order, and in one of five scenes not at all."""
    extras = [word for word, shown in (
        ("pines", pines and terrain in ("mountains", "hills")), ("clouds", clouds),
        ("moon" if time_of_day == "night" else "sun", disc)) if shown]
    source.shuffle(extras)
    named = extras and source.random() < 0.8
    return f"{terrain} at {time_of_day}" + (" with " + " and ".join(extras) if named else "")


class Draws:
    """The random numbers of a batch, each scene's from its own generators, in the order in which they are asked for."""

    def __init__(self, seeds, device):
        self.generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        self.words = [random.Random(seed) for seed in seeds]
        self.device = device

    def stack(self, draw, *shape, **options):
        return torch.stack([draw(shape, generator=g, **options) for g in self.generators]).to(self.device)

    def uniform(self, *shape):
        return self.stack(torch.rand, *shape)

    def normal(self, *shape):
        return self.stack(torch.randn, *shape)

    def choice(self, count):
        """[B] of 0 ..< count."""
        return (self.uniform() * count).long().clamp(max=count - 1)

    def line(self, width, slope):
        """[B, width] of 1/f^slope noise with mean 0 and standard deviation 1."""
        frequency = torch.fft.rfftfreq(width, 1 / width, device=self.device).clamp(min=1)
        spectrum = self.stack(torch.randn, width // 2 + 1, dtype=torch.cfloat) * frequency**-slope
        spectrum[:, 0] = 0
        noise = torch.fft.irfft(spectrum, n=width)
        return noise / noise.std(1, keepdim=True)

    def plane(self, side, slope, stretch=1.0, finest=None):
        """[B, side, side] of 1/f^slope noise; a stretch below 1 draws it out sideways; it fades at `finest` periods."""
        y = torch.fft.fftfreq(side, 1 / side, device=self.device)[:, None] * stretch
        x = torch.fft.rfftfreq(side, 1 / side, device=self.device)[None]
        frequency = (y**2 + x**2).sqrt()
        frequency[0, 0] = 1
        amplitude = frequency**-slope
        if finest is not None:
            amplitude = amplitude / (1 + (frequency / finest) ** 6)
        spectrum = self.stack(torch.randn, side, side // 2 + 1, dtype=torch.cfloat) * amplitude
        spectrum[:, 0, 0] = 0
        noise = torch.fft.irfft2(spectrum, s=(side, side))
        return noise / noise.std((1, 2), keepdim=True)


    def mottle(self, side, stretch=1.0):
        """[B, 3, side, side]: brightness, warm to cold and green to purple vary by themselves; deviation of brightness 1.

        Periods from the whole picture down to 8 pixels of 128, nearly alike in strength from octave to octave.
        """
        planes = torch.stack([self.plane(side, 0.8, stretch, MOTTLE_PERIODS) for _ in MOTTLE_COLOURS], 1)
        return torch.einsum("bksx,kc->bcsx", planes, torch.tensor(MOTTLE_COLOURS, device=self.device))


def over(image, colour, mask):
    """`colour` laid over [B, 3, S, S] where `mask` [B, S, S] is 1."""
    return image + (colour - image) * mask[:, None]


def flat(colour):
    """A colour [B, 3] for every pixel."""
    return colour[:, :, None, None]


@torch.no_grad()
def render(seeds, size=128, device="cpu", texture=TEXTURE):
    """The scenes of the seeds: images [B, 3, size, size] in -1 … 1 on `device`, and their prompts.

    `texture` mottles ground, water, clouds and, less, the sky: the standard deviation relative to brightness; 0 is smooth.
    """
    draws = Draws(seeds, device)
    side = size * SUPERSAMPLING
    time_of_day, terrain = draws.choice(4), draws.choice(4)
    has_pines, has_clouds, has_disc = draws.uniform() < 0.4, draws.uniform() < 0.45, draws.uniform() < 0.6
    dunes, sea = terrain == TERRAINS.index("dunes"), terrain == TERRAINS.index("sea")

    palette = torch.tensor(PALETTES, device=device)[time_of_day]
    palette = (palette + draws.normal(1, 3) * 0.03 + draws.normal(4, 3) * 0.02).clamp(0, 1)
    top, horizon, far, near = palette.unbind(1)
    light = horizon.mean(1, keepdim=True)
    sand = torch.tensor(DUNE, device=device) * light
    far = torch.where(dunes[:, None], (far + sand) / 2, far)
    near = torch.where(dunes[:, None], sand * 0.75, near)

    y = torch.linspace(0, 1, side, device=device)[None, :, None]
    x = torch.linspace(0, 1, side, device=device)[None, None, :]
    level = 0.45 + 0.18 * draws.uniform(1, 1)
    depth = ((y / level).clamp(0, 1) ** 1.3).expand(-1, side, side)[:, None]
    image = flat(top) * (1 - depth) + flat(horizon) * depth
    if texture > 0:
        image = image + (image + DARK) * SKY_MOTTLE * texture * draws.mottle(side, 0.6)

    # Sun or moon, with its glow.
    across, down = 0.1 + 0.8 * draws.uniform(1, 1), 0.08 + 0.28 * draws.uniform(1, 1)
    radius = 0.035 + 0.05 * draws.uniform(1, 1)
    distance = ((x - across) ** 2 + (y - down) ** 2).sqrt()
    night = time_of_day == TIMES.index("night")
    disc = torch.where(night[:, None], torch.tensor(MOON, device=device), torch.tensor(SUN, device=device))
    shown = has_disc[:, None, None].float()
    image = over(image, flat(disc), torch.exp(-((distance / (3 * radius)) ** 2)) * 0.45 * shown)
    image = over(image, flat(disc), torch.sigmoid((radius - distance) * 160) * shown)

    cloud = torch.sigmoid((draws.plane(side, 1.9, 0.35) - 0.7) * 3) * has_clouds[:, None, None] * 0.65
    colour = flat((0.55 * horizon + 0.45 * light).clamp(0, 1))
    if texture > 0:
        colour = colour * (1 + texture * draws.mottle(side, 0.6))
    image = over(image, colour, cloud)

    height = torch.tensor(RIDGE_HEIGHTS, device=device)[terrain][:, None]
    mottle = texture * draws.mottle(side) if texture > 0 else None
    for layer in range(LAYERS):
        nearness = layer / (LAYERS - 1)
        sharp, smooth = draws.line(side, 1.55), draws.line(side, 2.3)
        ridge = torch.where((terrain == 0)[:, None], 0.6 - 1.1 * sharp.abs(), smooth)
        line = level[:, 0] - 0.02 + 0.30 * nearness + height * (1.2 - 0.5 * nearness) * ridge
        if layer == LAYERS - 1:
            line = line - pine_row(draws, x[:, 0]) * (has_pines & ~sea & ~dunes)[:, None]
        shade = 1 + 0.10 * draws.plane(side, 1.4) * (0.4 + 0.6 * nearness)
        colour = flat(far * (1 - nearness) + near * nearness)
        ground = colour * shade[:, None]
        if texture > 0:
            ground = ground + (colour + DARK) * mottle.roll(layer * side // LAYERS, 2)
        image = over(image, ground, torch.sigmoid((y - line[:, None, :]) * side * 0.9))

    # The sea mirrors what is above its line.
    water_line = level + 0.05
    rows = ((2 * water_line - y).clamp(0, 1) * (side - 1)).round().long().expand(-1, side, side)
    mirrored = torch.gather(image, 2, rows[:, None].expand(-1, 3, -1, -1))
    ripples = 1 + 0.10 * draws.plane(side, 1.2, 0.18)
    ripples = ripples[:, None]
    if texture > 0:
        ripples = ripples + texture * draws.mottle(side, 0.5)
    water = (0.62 * mirrored + 0.38 * flat(torch.tensor(SEA, device=device) * light)) * ripples
    image = over(image, water, torch.sigmoid((y - water_line) * side) * sea[:, None, None])

    prompts = [
        sentence(TIMES[time], TERRAINS[ground], pines, clouds, lit, words)
        for time, ground, pines, clouds, lit, words in zip(
            time_of_day.tolist(), terrain.tolist(), has_pines.tolist(), has_clouds.tolist(), has_disc.tolist(),
            draws.words)]
    return F.avg_pool2d(image.clamp(0, 1), SUPERSAMPLING) * 2 - 1, prompts


def pine_row(draws, x):
    """[B, S]: the height of a row of pines above the ground."""
    count, phase = 9 + draws.choice(13)[:, None], draws.uniform(1)
    place = x * count + phase
    tree = place.floor().long().clamp(0, PINES - 1)
    slope = 1 - (place - place.floor() - 0.5).abs() * 2
    return torch.gather(draws.uniform(PINES) * 0.16 + 0.05, 1, tree) * slope.clamp(min=0)


def seeds_of(first, count):
    """Seeds of a run of scenes. Training takes them from 0 upwards; measures from 2^40, so that they are held out."""
    return range(first, first + count)


HELD_OUT = 2**40
