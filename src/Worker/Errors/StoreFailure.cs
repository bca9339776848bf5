namespace Worker.Errors;

/// <summary>What a store throws, whichever it is: for work that is tried again later and ends nothing else.</summary>
internal static class StoreFailure
{
    public static bool Is(Exception exception) =>
        exception is StoreUnavailableException or StoreUnusableException or StoreUnexpectedException;
}
