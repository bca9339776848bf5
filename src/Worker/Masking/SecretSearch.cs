namespace Worker.Masking;

/// <summary>Finds secrets by their shapes, the first one first, in time linear in the text.</summary>
internal ref struct SecretSearch
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly MaskRules _rules;
    private AnchorSearch _anchors;
    private (Range Secret, string Kind)? _shape;
    private Range? _card;
    private bool _isShapeKnown, _isCardKnown;
    private int _from;

    /// <param name="buffer">Of <see cref="AnchorSearch.BufferSize"/>.</param>
    public SecretSearch(ReadOnlySpan<byte> text, MaskRules rules, Span<char> buffer)
    {
        _text = text;
        _rules = rules;
        _anchors = new(text, buffer);
    }

    public Range Secret { get; private set; }

    public string Kind { get; private set; } = "";

    public bool Next()
    {
        if (!_isShapeKnown || _shape?.Secret.Start.Value < _from)
            (_shape, _isShapeKnown) = (NextShape(), true);
        if (!_isCardKnown || _card?.Start.Value < _from)
            (_card, _isCardKnown) = (NextCard(), true);
        if (_shape is null && _card is null)
            return false;
        (Secret, Kind) = _shape is { } shape && (_card is not { } card || shape.Secret.Start.Value <= card.Start.Value)
            ? shape
            : (_card!.Value, SecretShapes.Card);
        _from = Secret.End.Value;
        return true;
    }

    private Range? NextCard() =>
        _rules.Masks(SecretShapes.Card) && CardNumbers.Next(_text, _from, out var card) ? card : null;

    private (Range, string)? NextShape()
    {
        for (var at = _anchors.Next(_from); at >= 0; at = _anchors.Next(_from))
        {
            foreach (var shape in SecretShapes.BeginningWith(_text[at]))
            {
                // What begins before the last secret's end is a part of it.
                if (_text[at..].StartsWith(shape.Anchor)
                    && _rules.Masks(shape.Kind)
                    && shape.Match(_text, at, out var secret)
                    && secret.Start.Value >= _from)
                    return (secret, shape.Kind);
            }
        }

        return null;
    }
}
