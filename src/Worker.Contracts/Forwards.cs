using System.Runtime.CompilerServices;

// A library for netstandard2.0 names the type that this assembly has there. In a program for a later framework it meets
// the later framework's assembly, and without this no setter of a message would be found.
[assembly: TypeForwardedTo(typeof(IsExternalInit))]
