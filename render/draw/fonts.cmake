# Finds the distribution's fonts and puts them into the library render_draw by an assembler file:
# the compiler never sees them, so they cost no build time. fonts.h names what is made here.
enable_language(ASM)

set(fonts_assembly "    .section .rodata\n")
set(fonts_files "")
function(mailflow_font name file package)
  find_file(MAILFLOW_FONT_${name} ${file} NO_CMAKE_FIND_ROOT_PATH
            PATHS /usr/share/fonts /usr/local/share/fonts
            PATH_SUFFIXES opentype/inter truetype/inter truetype/hack truetype/dejavu)
  if(NOT MAILFLOW_FONT_${name})
    message(FATAL_ERROR "the font ${file} is not installed; on Debian: apt-get install ${package} "
                        "(or give its place: cmake -DMAILFLOW_FONT_${name}=/path/to/${file})")
  endif()
  set(font ${MAILFLOW_FONT_${name}})
  string(APPEND fonts_assembly "    .balign 16\n    .globl fonts_${name}\n    .hidden fonts_${name}\n"
         "fonts_${name}:\n    .incbin \"${font}\"\n    .globl fonts_${name}_end\n"
         "    .hidden fonts_${name}_end\nfonts_${name}_end:\n    .byte 0\n")
  set(fonts_assembly "${fonts_assembly}" PARENT_SCOPE)
  set(fonts_files ${fonts_files} ${font} PARENT_SCOPE)
endfunction()

mailflow_font(sans Inter-Regular.otf fonts-inter)
mailflow_font(bold Inter-SemiBold.otf fonts-inter)
mailflow_font(mono Hack-Regular.ttf fonts-hack-ttf)
mailflow_font(fallback DejaVuSans.ttf fonts-dejavu-core)

# Without this note the linker would make the stack executable.
string(APPEND fonts_assembly "    .section .note.GNU-stack,\"\",%progbits\n")
set(fonts_source ${CMAKE_BINARY_DIR}/fonts.S)
file(CONFIGURE OUTPUT ${fonts_source} CONTENT "${fonts_assembly}" @ONLY)
# The C compiler's options come along, and clang would name each that an assembler does not need.
set_source_files_properties(${fonts_source} PROPERTIES OBJECT_DEPENDS "${fonts_files}"
                            COMPILE_OPTIONS "-Wno-unused-command-line-argument")
target_sources(render_draw PRIVATE ${fonts_source})
