namespace Worker.Assessment;

/// <summary>
/// Pairs of numbers. What they come to is folded from running means, so that nothing is kept of a pair.
/// </summary>
internal sealed class NumberPairs
{
    public const int Needed = 20;

    private double _absolute;
    private double _squaresOfOne;
    private double _squaresOfOther;
    private double _products;

    public long Count { get; private set; }

    public double MeanOfOne { get; private set; }

    public double MeanOfOther { get; private set; }

    /// <summary>Too few for any mean to mean something.</summary>
    public bool AreFew => Count < Needed;

    public double MeanAbsoluteDifference => _absolute / Count;

    /// <summary>Standard deviations of these pairs themselves.</summary>
    public double DeviationOfOne => Math.Sqrt(_squaresOfOne / Count);

    public double DeviationOfOther => Math.Sqrt(_squaresOfOther / Count);

    public void Add(double one, double other)
    {
        Count++;
        _absolute += Math.Abs(one - other);
        var fromOne = one - MeanOfOne;
        var fromOther = other - MeanOfOther;
        MeanOfOne += fromOne / Count;
        MeanOfOther += fromOther / Count;
        _squaresOfOne += fromOne * (one - MeanOfOne);
        _squaresOfOther += fromOther * (other - MeanOfOther);
        _products += fromOne * (other - MeanOfOther);
    }

    /// <summary>
    /// The kappa with quadratic weights: 1 less the mean square of the differences over what chance would make it. It
    /// needs no categories, and so takes any number; of numbers it is Lin's coefficient of concordance. Null where
    /// <see cref="WhyNoKappa"/> says why.
    /// </summary>
    public double? QuadraticKappa()
    {
        if (WhyNoKappa() is not null)
            return null;
        var shift = MeanOfOne - MeanOfOther;
        return 2 * _products / (_squaresOfOne + _squaresOfOther + (Count * shift * shift));
    }

    /// <summary>Pearson's. Null where <see cref="WhyNoKappa"/> says why.</summary>
    public double? Correlation() =>
        WhyNoKappa() is null ? _products / Math.Sqrt(_squaresOfOne * _squaresOfOther) : null;

    public string? WhyNoKappa() =>
        AreFew ? $"There are too few pairs for a kappa: {Count}, and it takes {Needed}."
        : _squaresOfOne == 0 || _squaresOfOther == 0
            ? "One side always gives the same number: a kappa would say nothing."
        : null;
}
