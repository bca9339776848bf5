namespace Worker.Storage.MongoDb;

/// <summary>The C driver's errors, where no server replied.</summary>
internal static class MongocFaults
{
    // mongoc_error_domain_t and mongoc_error_code_t.
    private const uint Client = 1;
    private const uint Stream = 2;
    private const uint Protocol = 3;
    private const uint Sasl = 7;
    private const uint Scram = 14;
    private const uint ServerSelection = 15;
    private const uint ClientAuthenticate = 11;
    private const uint ProtocolInvalidReply = 14;
    private const uint ProtocolBadWireVersion = 15;
    private const uint NameResolution = 3;

    public static MongoException Of(BsonError error) => new(Fault(error.Domain, error.Code), (int)error.Code, error.Text);

    private static MongoFault Fault(uint domain, uint code) => (domain, code) switch
    {
        (Protocol, ProtocolBadWireVersion) => MongoFault.Incompatible,
        (ServerSelection, _) or (Stream, NameResolution) => MongoFault.NoServer,
        (Stream, _) or (Protocol, ProtocolInvalidReply) => MongoFault.Network,
        (Client, ClientAuthenticate) or (Sasl, _) or (Scram, _) => MongoFault.Credentials,
        _ => MongoFault.Driver,
    };
}
