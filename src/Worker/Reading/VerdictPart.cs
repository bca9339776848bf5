namespace Worker.Reading;

/// <summary>What was said in one part of the time.</summary>
internal struct VerdictPart
{
    public int Count { get; set; }

    /// <summary>Judgments that are true or false, or numbers.</summary>
    public int Measured { get; set; }

    /// <summary>Of these: true is 1, false is 0.</summary>
    public double Sum { get; set; }

    public int Failed { get; set; }
}
