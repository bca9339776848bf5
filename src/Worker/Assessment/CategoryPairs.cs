namespace Worker.Assessment;

/// <summary>Pairs of judgments that are categories: a confusion matrix, and what it comes to.</summary>
internal sealed class CategoryPairs
{
    /// <summary>More different judgments than this are no categories.</summary>
    public const int MostCategories = 50;

    private const int FewestPairs = 20;

    private readonly SortedSet<string> _categories = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Row, string Column), long> _cells = [];

    public long Count { get; private set; }

    public long Same { get; private set; }

    /// <summary>In ordinal order.</summary>
    public IReadOnlyCollection<string> Categories => _categories;

    /// <summary>
    /// As many as it takes for the interval to mean something: 20, and twice the square of how many categories there
    /// are (Cicchetti 1981).
    /// </summary>
    public long Needed => Math.Max(FewestPairs, 2L * _categories.Count * _categories.Count);

    /// <summary>Too few for any share to mean something.</summary>
    public bool AreFew => Count < Needed;

    /// <summary>Which part of the pairs is the same.</summary>
    public double Observed => (double)Same / Count;

    /// <summary>Which part would be the same by chance, were the two to know nothing of each other.</summary>
    public double Chance => _categories.Sum(category => RowShare(category) * ColumnShare(category));

    /// <summary>False where there is no room for another category: the pair is not counted.</summary>
    public bool Add(string row, string column)
    {
        var more = (_categories.Contains(row) ? 0 : 1) + (_categories.Contains(column) || row == column ? 0 : 1);
        if (_categories.Count + more > MostCategories)
            return false;
        _categories.Add(row);
        _categories.Add(column);
        _cells[(row, column)] = this[row, column] + 1;
        Count++;
        Same += row == column ? 1 : 0;
        return true;
    }

    public long this[string row, string column] => _cells.GetValueOrDefault((row, column));

    public long Row(string category) => _categories.Sum(column => this[category, column]);

    public long Column(string category) => _categories.Sum(row => this[row, category]);

    public double RowShare(string category) => (double)Row(category) / Count;

    public double ColumnShare(string category) => (double)Column(category) / Count;

    /// <summary>Null where <see cref="WhyNoKappa"/> says why.</summary>
    public Kappa? Kappa() => WhyNoKappa() is null ? Assessment.Kappa.Cohens(Table()) : null;

    /// <summary>Null where there is a kappa to speak of.</summary>
    public string? WhyNoKappa() =>
        AreFew
            ? $"There are too few pairs for a kappa: {Count}, and it takes {Needed} for " +
                $"{Math.Max(1, _categories.Count)} different judgments."
        : _categories.FirstOrDefault(category => Row(category) == Count || Column(category) == Count) is { } only
            ? $"One side always says {only}: a kappa would say nothing."
        : null;

    private long[,] Table()
    {
        var names = _categories.ToArray();
        var table = new long[names.Length, names.Length];
        foreach (var ((row, column), count) in _cells)
            table[Array.IndexOf(names, row), Array.IndexOf(names, column)] = count;
        return table;
    }
}
