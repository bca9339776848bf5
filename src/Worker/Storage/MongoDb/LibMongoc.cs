using System.Runtime.InteropServices;

namespace Worker.Storage.MongoDb;

/// <summary>What is called of MongoDB's C driver, version 1 (<c>libmongoc-1.0</c>, <c>libbson-1.0</c>).</summary>
internal static unsafe partial class LibMongoc
{
    public const string Mongoc = "libmongoc-1.0.so.0";
    public const string Bson = "libbson-1.0.so.0";

    /// <summary>A <c>bson_t</c> takes so many bytes, at an address that is a multiple of them.</summary>
    public const int BsonSize = 128;

    /// <summary>Errors that a server sent have a domain of their own, and its codes.</summary>
    public const int ErrorApi = 2;

    // Once in a process, before anything else; never undone, as other pools may be in use until its end.
    private static readonly Lazy<bool> Ready = new(() =>
    {
        mongoc_init();
        mongoc_log_set_handler(0, 0);
        return true;
    });

    /// <summary>Throws <see cref="DllNotFoundException"/> where the library is not installed.</summary>
    public static void Initialize() => _ = Ready.Value;

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    public static partial MongocUri mongoc_uri_new_with_error(string uri, out BsonError error);

    [LibraryImport(Mongoc)]
    public static partial void mongoc_uri_destroy(nint uri);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_uri_has_option(MongocUri uri, string key);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_uri_set_option_as_int32(MongocUri uri, string key, int value);

    [LibraryImport(Mongoc)]
    public static partial nint mongoc_uri_get_appname(MongocUri uri);

    [LibraryImport(Mongoc, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_uri_set_appname(MongocUri uri, string name);

    [LibraryImport(Mongoc)]
    public static partial MongocPool mongoc_client_pool_new_with_error(MongocUri uri, out BsonError error);

    [LibraryImport(Mongoc)]
    public static partial void mongoc_client_pool_destroy(nint pool);

    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_pool_set_error_api(MongocPool pool, int version);

    /// <summary>Null when none was free in time.</summary>
    [LibraryImport(Mongoc)]
    public static partial nint mongoc_client_pool_pop(MongocPool pool);

    [LibraryImport(Mongoc)]
    public static partial void mongoc_client_pool_push(MongocPool pool, nint client);

    /// <summary>The reply is initialised whatever comes of it, and to be destroyed.</summary>
    [LibraryImport(Mongoc)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool mongoc_client_command_simple(nint client, byte* database, void* command, nint readPreference, void* reply, out BsonError error);

    /// <summary>Borrows the bytes: there is nothing to destroy.</summary>
    [LibraryImport(Bson)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool bson_init_static(void* bson, byte* data, nuint length);

    [LibraryImport(Bson)]
    public static partial byte* bson_get_data(void* bson);

    [LibraryImport(Bson)]
    public static partial void bson_destroy(void* bson);

    [LibraryImport(Mongoc)]
    private static partial void mongoc_init();

    [LibraryImport(Mongoc)]
    private static partial void mongoc_log_set_handler(nint handler, nint data);
}
