#!/usr/bin/python3
"""Cuts the fonts that the till carries: the GB2312 part of Noto Sans SC and plain ASCII in two weights, and for paper in Big5 what
Noto Sans TC has beyond them.

Needs Debian's python3-fonttools and fonts-noto-cjk (OFL-1.1). Run without arguments at the
repository's root; the files under assets/font are its output and are committed.

- U+0020 has to stay in: go-text never changes the face for a space and would draw a box.
- hhea is set to Noto Sans' 1069/-293 per 1000, so that line heights do not change beside Fyne's own font.
- ASCII digits of Noto Sans SC are tabular (555 of 1000), which amounts in a column need.
- Middle dot, multiplication sign and ellipsis are full-width here, which tears English apart: they
  are drawn narrower. Quotes take the font's own proportional forms. So no other font is needed for
  any text of the till, and none has to be read before the first frame.
"""
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.ttLib import TTFont, newTable

SOURCE = '/usr/share/fonts/opentype/noto/NotoSansCJK-%s.ttc'
SIMPLIFIED, TRADITIONAL = 2, 3  # index of SC and TC in the collection


def gb2312():
    found = set()
    for lead in range(0xA1, 0xFF):
        for trail in range(0xA1, 0xFF):
            try:
                found.add(bytes([lead, trail]).decode('gb2312'))
            except UnicodeDecodeError:
                pass
    return found


def wanted():
    cjk = gb2312() | set('〇①②③④⑤⑥⑦⑧⑨⑩￥￠￡⏎⚠✓△▲▼◌◎←↑→↓−')
    keep = {c for c in cjk if len(c) == 1 and ord(c) >= 0x2000 and not 0x2010 <= ord(c) <= 0x2027}
    return keep | {chr(c) for c in range(0x20, 0x7F)} | set('\u00a0¥£°é·×–—…' + QUOTES)


def big5():
    """What Big5 printers have in their font: Big5 without the Hong Kong supplement."""
    found = set()
    for lead in range(0xA1, 0xFA):
        for trail in list(range(0x40, 0x7F)) + list(range(0xA1, 0xFF)):
            try:
                found.add(bytes([lead, trail]).decode('big5'))
            except UnicodeDecodeError:
                pass
    return {c for c in found if len(c) == 1 and ord(c) >= 0x2000}


# character: (how large, advance in thousandths); each is centred in its advance
NARROW = {'·': (.62, 280), '×': (.72, 560), '…': (.86, 860)}
QUOTES = '“”‘’'


def proportional(font):
    """The glyphs that the feature pwid puts in the place of the full-width quotes."""
    table, cmap, found = font['GSUB'].table, font.getBestCmap(), {}
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag != 'pwid':
            continue
        for index in record.Feature.LookupListIndex:
            for sub in table.LookupList.Lookup[index].SubTable:
                mapping = getattr(getattr(sub, 'ExtSubTable', sub), 'mapping', {})
                found.update({c: mapping[cmap[ord(c)]] for c in QUOTES if cmap[ord(c)] in mapping})
    return found


def narrow(font):
    glyphs, cmap, metrics = font.getGlyphSet(), font.getBestCmap(), font['hmtx']
    top = font['CFF '].cff.topDictIndex[0]
    for char, (scale, advance) in NARROW.items():
        name = cmap[ord(char)]
        old = metrics[name][0]
        shift = (advance - old * scale) / 2
        lift = 380 * (1 - scale) if char in '×·' else 0  # their middle stays where it is
        if char == '…':
            lift = -270  # from the middle, where Chinese has it, to the base line
        pen = T2CharStringPen(advance, glyphs)
        glyphs[name].draw(TransformPen(pen, (scale, 0, 0, scale, shift, lift)))
        old_string = top.CharStrings[name]
        top.CharStrings[name] = pen.getCharString(old_string.private, old_string.globalSubrs)
        metrics[name] = (advance, round(metrics[name][1] * scale + shift))


def options_for(face):
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.font_number = face
    options.name_IDs = ['*']
    options.drop_tables += ['vhea', 'vmtx', 'VORG', 'BASE', 'GSUB', 'GPOS', 'FFTM']
    return options


def save(font, out, options):
    save_font(font, out, options)
    print(out, len(font.getBestCmap()), 'characters')


def cut(weight):
    options = options_for(SIMPLIFIED)
    font = load_font(SOURCE % weight, options)
    for table in font['cmap'].tables:
        if table.isUnicode() and table.format != 14:
            table.cmap.update({ord(c): glyph for c, glyph in proportional(font).items()})
    narrow(font)
    subsetter = Subsetter(options)
    subsetter.populate(text=''.join(wanted()))
    subsetter.subset(font)
    per_em, hhea, os2 = font['head'].unitsPerEm, font['hhea'], font['OS/2']
    up, down = round(1.069 * per_em), round(.293 * per_em)
    hhea.ascent, hhea.descent, hhea.lineGap = up, -down, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = up, -down, 0
    os2.usWinAscent, os2.usWinDescent = up, down
    save(font, 'assets/font/NotoSansSC-%s.otf' % weight, options)


def cut_traditional():
    options = options_for(TRADITIONAL)
    font = load_font(SOURCE % 'Regular', options)
    subsetter = Subsetter(options)
    subsetter.populate(text=''.join(big5() - wanted()))
    subsetter.subset(font)
    save(font, 'assets/font/NotoSansTC-Regular.otf', options)


MOST_OFF = 1.0  # of 1000 in an em: how far a quadratic curve may lie beside the cubic one


def with_quadratic_curves():
    """The regular weight once more with TrueType's curves: a PDF's writer embeds no others."""
    font = TTFont('assets/font/NotoSansSC-Regular.otf', recalcTimestamp=False)
    order, drawn, made = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(drawn)
        drawn[name].draw(Cu2QuPen(pen, MOST_OFF, reverse_direction=True))
        made[name] = pen.glyph()
    font['loca'], glyf = newTable('loca'), newTable('glyf')
    font['glyf'], glyf.glyphOrder, glyf.glyphs = glyf, order, made
    for name in order:
        made[name].recalcBounds(glyf)
        font['hmtx'][name] = (font['hmtx'][name][0], getattr(made[name], 'xMin', 0))
    most = font['maxp']
    most.tableVersion, most.maxZones, most.maxComponentElements = 0x00010000, 1, 0
    for field in ('TwilightPoints', 'Storage', 'FunctionDefs', 'InstructionDefs', 'StackElements', 'SizeOfInstructions'):
        setattr(most, 'max' + field, 0)
    most.compile(font)
    del font['CFF ']
    font['post'].formatType, font['post'].extraNames, font['post'].mapping = 3.0, [], {}
    font.sfntVersion = '\x00\x01\x00\x00'
    font.save('assets/font/NotoSansSC-Regular.ttf')


cut_traditional()
for weight in ('Regular', 'Bold'):
    cut(weight)
with_quadratic_curves()
