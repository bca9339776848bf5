using System.Text;

namespace Worker.Traces;

/// <summary>
/// Unicode's composed form (NFC) of any text, as JavaScript and Python give it: what .NET refuses to normalise (U+FFFE,
/// half a surrogate pair) composes with nothing, and stays as it is.
/// </summary>
internal static class Nfc
{
    public static string Of(string text)
    {
        StringBuilder? normal = null;
        var done = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else if (text[i] == '\uFFFE' || char.IsSurrogate(text[i]))
            {
                normal ??= new StringBuilder(text.Length);
                normal.Append(text[done..i].Normalize(NormalizationForm.FormC)).Append(text[i]);
                done = i + 1;
            }
        }

        var rest = text[done..].Normalize(NormalizationForm.FormC);
        return normal is null ? rest : normal.Append(rest).ToString();
    }
}
