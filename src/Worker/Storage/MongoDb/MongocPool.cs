using Microsoft.Win32.SafeHandles;

namespace Worker.Storage.MongoDb;

/// <summary>The driver's pool of clients: each is used by one thread at a time; the pool by all.</summary>
internal sealed class MongocPool() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibMongoc.mongoc_client_pool_destroy(handle);
        return true;
    }
}
