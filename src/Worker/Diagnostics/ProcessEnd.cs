namespace Worker.Diagnostics;

/// <summary>Ends the process at once, with what was logged before written out.</summary>
internal delegate void ProcessEnd(int exitCode);
