namespace StableDiffCoder.Engine.Tokenization;

/// <summary>
/// GPT-2's one-to-one table between the 256 byte values and printable characters, in which the tokens and merges of a byte-level BPE are
/// written: printable Latin-1 stands for itself, the other 68 bytes are U+0100 to U+0143 in ascending order (a space is <c>Ġ</c>).
/// </summary>
public static class ByteLevelAlphabet
{
    private const int HighestChar = 0x143;
    private static readonly char[] CharOfByte = BuildChars();
    private static readonly short[] ByteOfChar = BuildBytes();

    /// <summary>The 256 characters, indexed by byte value.</summary>
    public static ReadOnlySpan<char> Chars => CharOfByte;

    /// <summary>The character that stands for a byte.</summary>
    public static char ToChar(byte value) => CharOfByte[value];

    /// <summary>The byte that a character stands for; false where the character is not in the alphabet.</summary>
    public static bool TryToByte(char character, out byte value)
    {
        var found = character <= HighestChar ? ByteOfChar[character] : (short)-1;
        value = found < 0 ? (byte)0 : (byte)found;
        return found >= 0;
    }

    /// <summary>Writes bytes in the alphabet: one character a byte.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) =>
        string.Create(
            bytes.Length,
            bytes,
            static (characters, source) =>
            {
                for (var i = 0; i < source.Length; i++)
                {
                    characters[i] = CharOfByte[source[i]];
                }
            }
        );

    /// <summary>Reads a token written in the alphabet back into bytes; false where a character is not in it.</summary>
    public static bool TryDecode(ReadOnlySpan<char> token, out byte[] bytes)
    {
        bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (!TryToByte(token[i], out bytes[i]))
            {
                bytes = [];
                return false;
            }
        }

        return true;
    }

    private static char[] BuildChars()
    {
        var chars = new char[256];
        var next = (char)0x100;
        for (var value = 0; value < 256; value++)
        {
            var standsForItself = value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            chars[value] = standsForItself ? (char)value : next++;
        }

        return chars;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[HighestChar + 1];
        Array.Fill(bytes, (short)-1);
        for (var value = 0; value < 256; value++)
        {
            bytes[CharOfByte[value]] = (short)value;
        }

        return bytes;
    }
}
