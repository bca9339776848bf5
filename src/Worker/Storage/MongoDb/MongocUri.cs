using Microsoft.Win32.SafeHandles;

namespace Worker.Storage.MongoDb;

/// <summary>A connection string as the driver has read it.</summary>
internal sealed class MongocUri() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibMongoc.mongoc_uri_destroy(handle);
        return true;
    }
}
