namespace MongoGateway.Wire;

internal static class OpCode
{
    public const int Reply = 1;
    public const int Query = 2004;
    public const int Message = 2013;
}
