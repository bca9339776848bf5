namespace Worker.Evaluation.Rules;

/// <summary>
/// Logic over true, false and not known (null). A result is not known only where it depends on what is not known.
/// </summary>
internal static class Ternary
{
    public static bool? Any<T>(IEnumerable<T> items, Func<T, bool?> holds)
    {
        bool? result = false;
        foreach (var item in items)
        {
            var one = holds(item);
            if (one == true)
                return true;
            if (one is null)
                result = null;
        }

        return result;
    }

    public static bool? All<T>(IEnumerable<T> items, Func<T, bool?> holds) => !Any(items, item => !holds(item));
}
