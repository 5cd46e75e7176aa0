using System.Text;

namespace StableDiffCoder.Cli.Infilling;

/// <summary>Text of a file made safe to print on a terminal.</summary>
internal static class TerminalText
{
    /// <summary>Replaces control characters, which a terminal would obey, by their pictures (U+2400 and on); tabs become spaces.</summary>
    public static string Printable(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }
        var printable = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            printable.Append(
                character switch
                {
                    '\t' => "    ",
                    < ' ' => ((char)('\u2400' + character)).ToString(),
                    _ when char.IsControl(character) => "\uFFFD",
                    _ => character.ToString(),
                }
            );
        }
        return printable.ToString();
    }
}
